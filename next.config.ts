import type { NextConfig } from 'next'

const nextConfig: NextConfig = {
  // `next start` warns under standalone output, so only the container image asks for it.
  output: process.env.BUILD_STANDALONE ? 'standalone' : undefined,
  poweredByHeader: false,
  typedRoutes: true,
  agentRules: false,
  images: { unoptimized: true },
  // The demo and the tests build what `npm run check` looks at by itself; whoever deploys has it checked here.
  typescript: { ignoreBuildErrors: process.env.BUILD_TYPES === 'off' },
  // Pages and routes have theirs from proxy.ts; files that are the same for everybody have these.
  headers: async () =>
    ['/_next/static/:path*', '/icon.svg'].map((source) => ({
      source,
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
      ],
    })),
  turbopack: { root: import.meta.dirname },
  // Counts the whole body in bytes and answers with an error page; lib/form-guard.ts refuses a form of more than
  // 64 Ki characters before, with a sentence and with everything that was typed.
  experimental: { agentUpgrade: false, serverActions: { bodySizeLimit: '256kb' } },
}

export default nextConfig
