import { createRouter, createWebHistory } from 'vue-router'
import { holds, session } from './session'
import { menu, slices } from './slice'

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
    { path: '/', redirect: () => homePath() },
    ...slices.flatMap((slice) => slice.routes),
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { title: 'app.notFound.title' } },
  ],
})

/** The first page that this person can use: the desk for most, accounts for an administrator. */
function homePath(): string {
  const name = menu.find((entry) => holds(entry.needs))?.route
  const found = slices.flatMap((slice) => slice.routes).find((route) => route.name === name)
  return found?.path ?? '/desk'
}
/** An account that owes a password or a second factor can do nothing else. */
const owes = (): boolean => session.me?.must_enrol_totp === true || session.me?.must_change_password === true

router.beforeEach((to) => {
  if (session.node && !session.node.initialised && router.hasRoute('setup')) return to.name === 'setup' ? true : { name: 'setup' }
  if (to.name === 'setup' && session.node?.initialised) return { path: '/' }
  if (to.meta.open) return session.me && to.name === 'sign-in' ? { path: '/' } : true
  if (owes()) return to.name === 'enrol' ? true : { name: 'enrol' }
  return session.me ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})
