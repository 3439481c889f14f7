import './app/oldBrowsers'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import './design/tokens.css'
import './design/base.css'
import App from './app/App.vue'
import { i18n, setLocale, storedLocale } from './app/i18n'
import { followStream, queryClient } from './app/query'
import { router } from './app/router'
import { resume } from './app/session'

async function start(): Promise<void> {
  await Promise.all([setLocale(storedLocale()), resume()])
  followStream()
  createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient }).mount('#app')
}
void start()
