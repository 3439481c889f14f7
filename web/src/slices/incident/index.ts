import type { Slice } from '@/app/slice'

export default {
  name: 'incident',
  routes: [
    { path: '/incidents', name: 'incidents', component: () => import('./list/ListPage.vue'), meta: { title: 'incident.list.title' } },
    { path: '/city', name: 'city', component: () => import('./city/CityPage.vue'), meta: { title: 'incident.city.title' } },
    { path: '/incidents/:id', name: 'incident', component: () => import('./detail/IncidentPage.vue'), props: true, meta: { title: 'incident.one', section: 'incidents' } },
    { path: '/intake', name: 'intake', component: () => import('./intake/IntakePage.vue'), meta: { title: 'incident.intake.title', section: 'desk' } },
  ],
  menu: [
    { route: 'incidents', label: 'incident.menu', icon: 'alert', order: 20, needs: ['incident.'] },
    { route: 'city', label: 'incident.city.menu', icon: 'tree', order: 25, needs: ['incident.verify'] },
  ],
} satisfies Slice
