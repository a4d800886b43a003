import { CopyLine } from './copy-line'

/** Where a client connects to. */
export function AddressCard({ address }: { address: string }) {
  return (
    <section className="card card-pad stack" aria-labelledby="scim-address">
      <h2 className="card-title" id="scim-address">
        Where they connect
      </h2>
      <CopyLine label="Base address" text={address} done="Address copied" />
      <p className="hint">
        The <span className="b">base URL</span> in Okta, the <span className="b">tenant URL</span> in Entra.
        Each client signs in with a bearer token of its own.
      </p>
    </section>
  )
}
