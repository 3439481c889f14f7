// A Chromium of this machine with software WebGL, a fresh profile and nothing that talks to the outside.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const QUIET = ['--no-sandbox', '--no-proxy-server', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage']
const WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']
const NO_WEBGL = ['--disable-gpu', '--disable-3d-apis']

/** Opens a persistent context; `profile` keeps it across launches. */
export function launch({ width = 1366, height = 768, dark = false, webgl = true, profile, touch = false, downloads = false } = {}) {
  return chromium.launchPersistentContext(profile ?? mkdtempSync(join(tmpdir(), 'anlan-web-')), {
    executablePath: process.env.ANLAN_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [...QUIET, ...(webgl ? WEBGL : NO_WEBGL)],
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: touch,
    acceptDownloads: downloads,
  })
}

/** Signs in and waits for the desk. */
export async function signIn(page, base, name = 'zhiban', password = 'anlan') {
  await page.goto(`${base}/sign-in`)
  await page.fill('input[name=username]', name)
  await page.fill('input[name=password]', password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/desk')
}
