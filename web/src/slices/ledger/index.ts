import type { Slice } from '@/app/slice'

export default {
  name: 'ledger',
  routes: [
    { path: '/ledger', name: 'ledger', component: () => import('./EntriesPage.vue'), meta: { title: 'ledger.title' } },
    { path: '/ledger/:origin/:seq(\\d+)', name: 'ledger-entry', component: () => import('./EntryPage.vue'), props: true, meta: { title: 'ledger.one', section: 'ledger' } },
  ],
  menu: [{ route: 'ledger', label: 'ledger.menu', icon: 'book', order: 90, needs: ['ledger.read'] }],
} satisfies Slice
