import type { Slice } from '@/app/slice'

export default {
  name: 'incident',
  routes: [
    { path: '/incidents', name: 'incidents', component: () => import('./list/ListPage.vue'), meta: { title: 'incident.list.title' } },
    { path: '/incidents/:id', name: 'incident', component: () => import('./detail/IncidentPage.vue'), props: true, meta: { title: 'incident.one', section: 'incidents' } },
    { path: '/intake', name: 'intake', component: () => import('./intake/IntakePage.vue'), meta: { title: 'incident.intake.title', section: 'desk' } },
  ],
  menu: [{ route: 'incidents', label: 'incident.menu', icon: 'alert', order: 20, needs: ['incident.'] }],
} satisfies Slice
