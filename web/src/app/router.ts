import { createRouter, createWebHistory } from 'vue-router'
import { session } from './session'
import { slices } from './slice'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's title. */
    title?: string
    /** Reachable without a session. */
    open?: boolean
    /** Stands alone, without menu and top bar. */
    bare?: boolean
    /** Fills the window and scrolls within its own panes. */
    fills?: boolean
    /** Route name of the menu entry it belongs to. */
    section?: string
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', redirect: '/desk' },
    ...slices.flatMap((slice) => slice.routes),
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { title: 'app.notFound.title' } },
  ],
})

router.beforeEach((to) => {
  if (session.node && !session.node.initialised && router.hasRoute('setup')) return to.name === 'setup' ? true : { name: 'setup' }
  if (to.name === 'setup' && session.node?.initialised) return { path: '/' }
  if (to.meta.open) return session.me && to.name === 'sign-in' ? { path: '/' } : true
  return session.me ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})
