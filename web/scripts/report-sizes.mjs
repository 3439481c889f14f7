// Prints what the browser has to load, in gzip bytes, and fails when the first page grows past its budget.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url)
const BUDGET_KIB = 200
const kib = (bytes) => (bytes / 1024).toFixed(1).padStart(7)
const sizeOf = (name) => gzipSync(readFileSync(new URL(name, DIST)), { level: 9 }).length

const html = readFileSync(new URL('index.html', DIST), 'utf8')
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1])
const assets = readdirSync(new URL('assets/', DIST)).map((name) => `assets/${name}`)
const rows = assets.map((name) => ({ name, bytes: sizeOf(name), first: first.includes(name) })).sort((a, b) => b.bytes - a.bytes)
for (const row of rows.filter((r) => r.bytes > 2048 || r.first)) console.log(`${kib(row.bytes)} KiB gz  ${row.first ? 'first' : 'later'}  ${row.name}`)

const total = rows.filter((row) => row.first).reduce((sum, row) => sum + row.bytes, 0)
console.log(`${kib(total)} KiB gz  before the first page shows (budget ${BUDGET_KIB})`)
if (total > BUDGET_KIB * 1024) {
  console.error('over budget')
  process.exit(1)
}
