/** @type {import('next').NextConfig} */
const config = {
  // A second checkout of the same folder may build beside the first.
  distDir: process.env.WEIR_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['ws', 'elkjs'],
};
export default config;
