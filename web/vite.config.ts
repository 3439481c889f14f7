import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'

const api = process.env['ANLAN_API'] ?? 'http://127.0.0.1:8080'
const proxied = { '/api': api, '/healthz': api, '/geo': api }

export default defineConfig(async ({ mode }) => ({
  plugins: [
    vue(),
    Components({
      dirs: [],
      resolvers: [ElementPlusResolver({ importStyle: 'css' })],
      dts: 'components.d.ts',
    }),
    // Only where it is asked for: a build never reads it.
    ...(mode === 'mock' ? [(await import('./mock/plugin')).mockApi()] : []),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_JIT_COMPILATION__: true, __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false },
  build: {
    // Government desks still run browsers of this age.
    target: 'chrome90',
    cssTarget: 'chrome90',
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' as const },
  server: { port: 5173, proxy: mode === 'mock' ? {} : proxied },
  preview: { proxy: mode === 'mock' ? {} : proxied },
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts', 'src/**/*.test.ts'] },
}))
