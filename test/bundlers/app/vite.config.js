/** Cross-origin isolated, for shared memory. */
export const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

export default {
  server: { headers },
  preview: { headers },
  build: { target: 'esnext', rollupOptions: { input: ['index.html', 'threads.html'] } },
};
