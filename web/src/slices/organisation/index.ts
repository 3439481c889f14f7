import type { Slice } from '@/app/slice'

const section = 'organisation'

export default {
  name: 'organisation',
  routes: [
    { path: '/organisation', name: 'organisation', component: () => import('./TreePage.vue'), meta: { title: 'organisation.tree.title' } },
    { path: '/organisation/units/:id', name: 'unit', component: () => import('./UnitPage.vue'), props: true, meta: { title: 'organisation.unit.title', section } },
    { path: '/organisation/bodies', name: 'bodies', component: () => import('./BodiesPage.vue'), meta: { title: 'organisation.bodies.title', section } },
    { path: '/organisation/contacts', name: 'contacts', component: () => import('./ContactsPage.vue'), meta: { title: 'organisation.contacts.title', section } },
    { path: '/organisation/roster', name: 'roster', component: () => import('./RosterPage.vue'), meta: { title: 'organisation.roster.title', section } },
    { path: '/organisation/answers', name: 'answers', component: () => import('./AnswersPage.vue'), meta: { title: 'organisation.answers.title', section } },
  ],
  menu: [{ route: 'organisation', label: 'organisation.menu', icon: 'people', order: 50, needs: ['organisation.read'] }],
} satisfies Slice
