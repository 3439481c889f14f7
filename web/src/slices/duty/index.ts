import type { Slice } from '@/app/slice'

export default {
  name: 'duty',
  routes: [
    { path: '/desk', name: 'desk', component: () => import('./DeskPage.vue'), meta: { title: 'duty.title', fills: true } },
    { path: '/wall', name: 'wall', component: () => import('./WallPage.vue'), meta: { title: 'duty.wall.title', bare: true } },
  ],
  menu: [{ route: 'desk', label: 'duty.menu', icon: 'home', order: 10, needs: ['incident.read'] }],
} satisfies Slice
