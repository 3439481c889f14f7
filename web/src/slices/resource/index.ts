import type { Slice } from '@/app/slice'

const section = 'resources'

export default {
  name: 'resource',
  routes: [
    { path: '/resources', name: 'resources', component: () => import('./OverviewPage.vue'), meta: { title: 'resource.title' } },
    { path: '/resources/:kind', name: 'register', component: () => import('./RegisterPage.vue'), props: true, meta: { title: 'resource.title', section } },
    { path: '/resources/:kind/:id', name: 'resource', component: () => import('./RecordPage.vue'), props: true, meta: { title: 'resource.title', section } },
  ],
  menu: [{ route: 'resources', label: 'resource.menu', icon: 'box', order: 45, needs: ['resource.read'] }],
} satisfies Slice
