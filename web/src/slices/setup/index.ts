import type { Slice } from '@/app/slice'

export default {
  name: 'setup',
  routes: [{ path: '/setup', name: 'setup', component: () => import('./SetupPage.vue'), meta: { title: 'setup.title', open: true, bare: true } }],
} satisfies Slice
