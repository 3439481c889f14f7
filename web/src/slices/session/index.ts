import type { Slice } from '@/app/slice'

export default {
  name: 'session',
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./SignInPage.vue'), meta: { title: 'session.signIn.title', open: true, bare: true } },
    { path: '/enrol', name: 'enrol', component: () => import('./EnrolPage.vue'), meta: { title: 'session.enrol.title', bare: true } },
  ],
} satisfies Slice
