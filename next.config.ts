import type { NextConfig } from 'next'

const nextConfig: NextConfig = {
  // `next start` warns under standalone output, so only the container image asks for it.
  output: process.env.BUILD_STANDALONE ? 'standalone' : undefined,
  poweredByHeader: false,
  typedRoutes: true,
  agentRules: false,
  images: { unoptimized: true },
  turbopack: { root: import.meta.dirname },
  experimental: { agentUpgrade: false, serverActions: { bodySizeLimit: '64kb' } },
}

export default nextConfig
