import type { Slice } from '@/app/slice'

export default {
  name: 'finding',
  routes: [
    { path: '/findings', name: 'findings', component: () => import('./DeskPage.vue'), meta: { title: 'finding.title' } },
    { path: '/findings/:id', name: 'finding', component: () => import('./FindingPage.vue'), props: true, meta: { title: 'finding.one', section: 'findings' } },
  ],
  menu: [{ route: 'findings', label: 'finding.menu', icon: 'flag', order: 80, needs: ['finding.read'] }],
} satisfies Slice
