/** @type {import('next').NextConfig} */
const config = {
  // A second checkout of the same folder may build beside the first.
  distDir: process.env.WEIR_DIST_DIR || '.next',
  // `npm test` checks types once for the whole tree; checking them again would only make the first start slower.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['ws', '@grpc/grpc-js'],
  // One address, two readers: a browser (or Next's own navigation, marked `rsc`) gets the page, a scraper the text.
  rewrites: async () => ({
    beforeFiles: [
      {
        source: '/metrics',
        missing: [
          { type: 'header', key: 'accept', value: '.*text/html.*' },
          { type: 'header', key: 'rsc' },
        ],
        destination: '/metrics-text',
      },
    ],
  }),
};
export default config;
