import type { Slice } from '@/app/slice'

export default {
  name: 'accounts',
  routes: [
    { path: '/accounts', name: 'accounts', component: () => import('./AccountsPage.vue'), meta: { title: 'accounts.title' } },
    { path: '/me', name: 'my-account', component: () => import('./MyAccountPage.vue'), meta: { title: 'accounts.mine.title' } },
  ],
  menu: [
    { route: 'accounts', label: 'accounts.menu', icon: 'key', order: 92, needs: ['accounts.'], place: 'admin' },
    { route: 'my-account', label: 'accounts.mine.menu', icon: 'user', order: 93, place: 'admin' },
  ],
} satisfies Slice
