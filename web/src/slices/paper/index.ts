import type { Slice } from '@/app/slice'

export default {
  name: 'paper',
  routes: [
    { path: '/papers', name: 'papers', component: () => import('./PapersPage.vue'), meta: { title: 'paper.title' } },
    { path: '/papers/:id', name: 'paper', component: () => import('./PaperPage.vue'), props: true, meta: { title: 'paper.one', section: 'papers' } },
    { path: '/papers/:id/sign', name: 'paper-sign', component: () => import('./SignPage.vue'), props: true, meta: { title: 'paper.sign.title', section: 'papers' } },
  ],
  menu: [{ route: 'papers', label: 'paper.menu', icon: 'document', order: 30, needs: ['paper.read'] }],
} satisfies Slice
