import type { NextConfig } from 'next'

const nextConfig: NextConfig = {
  // `next start` warns under standalone output, so only the container image asks for it.
  output: process.env.BUILD_STANDALONE ? 'standalone' : undefined,
  poweredByHeader: false,
  typedRoutes: true,
  agentRules: false,
  images: { unoptimized: true },
  turbopack: { root: import.meta.dirname },
  // Counts the whole body in bytes and answers with an error page; lib/form-guard.ts refuses a form of more than
  // 64 Ki characters before, with a sentence and with everything that was typed.
  experimental: { agentUpgrade: false, serverActions: { bodySizeLimit: '256kb' } },
}

export default nextConfig
