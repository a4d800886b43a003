// Bundles the commands of the container image (migrate, admin-grant, secrets-rotate, audit-verify, ledger-check, quarantine),
// which has no TypeScript and none of the packages that the server itself does not use. Part of the image build; see the
// Dockerfile.
import { build } from 'esbuild'
import { inRoot, root } from './lib/root.mjs'

await build({
  absWorkingDir: root,
  entryPoints: [
    'scripts/migrate.mjs',
    'scripts/admin-grant.ts',
    'scripts/secrets-rotate.ts',
    'scripts/audit-verify.ts',
    'scripts/ledger-check.ts',
    'scripts/quarantine.ts',
  ],
  outdir: inRoot('.next/commands'),
  outExtension: { '.js': '.mjs' },
  tsconfig: 'scripts/tsconfig.json',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // Some bundled packages are CommonJS and ask for Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
  },
  logLevel: 'warning',
})
