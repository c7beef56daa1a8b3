import { defineConfig } from 'vitest/config';
import { viteDtypes } from './scripts/dtypes.mjs';

export default defineConfig({
  plugins: [viteDtypes],
  resolve: {
    alias: {
      'anymax/tokens': new URL('./src/tokens/tokens.ts', import.meta.url).pathname,
      anymax: new URL('./src/index.ts', import.meta.url).pathname,
    },
  },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, maxWorkers: '100%', coverage: { include: ['src/**'] } },
});
