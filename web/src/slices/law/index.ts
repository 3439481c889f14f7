import type { Slice } from '@/app/slice'

export default {
  name: 'law',
  routes: [
    { path: '/rules', name: 'rules', component: () => import('./RulesPage.vue'), meta: { title: 'law.title' } },
    { path: '/rules/try', name: 'rules-try', component: () => import('./TryPage.vue'), meta: { title: 'law.try.title', section: 'rules' } },
    { path: '/rules/:id', name: 'rule', component: () => import('./RulePage.vue'), props: true, meta: { title: 'law.one', section: 'rules' } },
  ],
  menu: [{ route: 'rules', label: 'law.menu', icon: 'scale', order: 86 }],
} satisfies Slice
