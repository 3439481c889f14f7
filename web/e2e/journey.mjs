// What every journey does: acts in a real browser, looks for faults of access, counts keys and foreign requests, keeps pictures.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from '../scripts/browser.mjs'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const env = (name) => process.env[name] ?? fail(`the journey needs ${name}`)

/** Ends the journey with what went wrong; the caller sees the exit code and the sentence. */
export function fail(sentence) {
  throw new Error(sentence)
}
export function check(holds, sentence) {
  if (!holds) fail(sentence)
}
/** Notes a count; beyond its bar it ends the journey. */
export function count(name, value, bar) {
  console.log(`${name}: ${value} (bar ${bar})`)
  check(value <= bar, `${name} is ${value}, the bar is ${bar}`)
}
/** Notes a time. A busy machine is no fault of the program, so it is told beside its bar and ends nothing. */
export function measure(name, ms, bar) {
  console.log(`${name}: ${ms} (bar ${bar}${ms > bar ? ', OVER' : ''})`)
}

export class Journey {
  constructor(name, address) {
    this.name = name
    this.address = address
    this.foreign = []
    this.errors = []
    this.keys = 0
    this.profile = mkdtempSync(join(tmpdir(), `anlan-${name}-`))
    this.shots = join(env('ANLAN_SHOTS'), name)
    mkdirSync(this.shots, { recursive: true })
  }

  /** Opens the browser on the journey's own profile, which a killed browser leaves as it is. */
  async open(options = {}) {
    this.context = await launch({ profile: this.profile, downloads: true, ...options })
    this.page = this.context.pages()[0] ?? (await this.context.newPage())
    this.page.setDefaultTimeout(20_000)
    const own = (url) => url.startsWith(this.address) || /^(data|blob|about):/.test(url)
    this.context.on('request', (request) => own(request.url()) || this.foreign.push(request.url()))
    this.page.on('pageerror', (error) => this.errors.push(error.message))
    return this.page
  }

  async signIn({ name, password }, to = '/') {
    await this.page.goto(`${this.address}/sign-in?to=${encodeURIComponent(to)}`)
    await this.page.locator('input[name=username]').waitFor()
    await this.page.keyboard.type(name)
    await this.page.keyboard.press('Tab')
    await this.page.keyboard.type(password)
    await this.page.keyboard.press('Enter')
    await this.page.waitForURL((url) => url.pathname !== '/sign-in')
  }

  /** Presses keys one after another and counts them; words typed freely are not counted. */
  async press(...keys) {
    for (const key of keys) {
      this.keys += 1
      await this.page.keyboard.press(key)
    }
  }
  async type(text, counted = true) {
    if (counted) this.keys += [...text].length
    await this.page.keyboard.type(text)
  }

  /** Asks the node itself, as the signed-in person: what a page says is not yet a proof. */
  async read(path) {
    return this.page.evaluate(async (url) => {
      const response = await fetch(url, { headers: { 'X-Anlan': '1' } })
      return { status: response.status, body: await response.json().catch(() => null) }
    }, `/api/v1${path}`)
  }

  /** A picture to look at, and axe over the page in both themes. */
  async look(step, { themes = ['light', 'dark'] } = {}) {
    for (const theme of themes) {
      await this.page.emulateMedia({ colorScheme: theme })
      await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      await this.page.screenshot({ path: join(this.shots, `${step}${theme === 'dark' ? '-dark' : ''}.png`) })
      await this.page.evaluate(axeSource)
      const found = await this.page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES)
      const words = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`)
      check(words.length === 0, `${step} (${theme}): ${words.join('; ')}`)
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
  }

  /** Ends the browser as a power cut would: every process of this profile, without a word. */
  async kill() {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.profile)) process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
    await this.context.close().catch(() => undefined)
    rmSync(join(this.profile, 'SingletonLock'), { force: true })
  }

  async close() {
    await this.context?.close()
    rmSync(this.profile, { recursive: true, force: true })
    check(this.foreign.length === 0, `requests left for foreign origins: ${this.foreign.join(', ')}`)
    check(this.errors.length === 0, `errors on the page: ${this.errors.join('; ')}`)
  }
}

/** Runs a journey against the node that the caller started; its accounts stand in `ANLAN_ACCOUNTS`. */
export async function run(name, story) {
  const journey = new Journey(name, env('ANLAN_ADDRESS'))
  const accounts = JSON.parse(process.env.ANLAN_ACCOUNTS ?? '[]')
  const account = (of) => accounts.find((a) => a.name === of || a.role === of) ?? fail(`no account ${of}`)
  try {
    await story(journey, account)
    await journey.close()
  } catch (error) {
    await journey.page?.screenshot({ path: join(journey.shots, 'failed.png') }).catch(() => undefined)
    console.error(`${name}: ${error.message}`)
    await journey.context?.close().catch(() => undefined)
    process.exit(1)
  }
  console.log(`${name}: done; requests to foreign origins 0`)
}
