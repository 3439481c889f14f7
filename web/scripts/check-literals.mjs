// Finds text written into components, messages without a translation, and keys that one language lacks.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const HAN = /[\u3400-\u9fff]/
const problems = []

function files(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
const uncommented = (text) => text.replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/\s.*$/gm, (hit) => hit.replace(/[^\n]/g, ''))

function checkSource(path) {
  const text = readFileSync(path, 'utf8')
  if (text.includes('literal-check: vocabulary')) return
  uncommented(text).split('\n').forEach((line, n) => {
    if (HAN.test(line)) problems.push(`${relative(root, path)}:${n + 1}: text belongs in src/locales: ${line.trim().slice(0, 60)}`)
  })
  const template = /<template>([\s\S]*)<\/template>/.exec(uncommented(text))?.[1] ?? ''
  // Attribute values may hold ">", so they are blanked before looking between tags.
  // Names of keys are the same everywhere; so are entities.
  const bare = template.replace(/"[^"]*"/g, '""').replace(/\{\{[\s\S]*?\}\}|&\w+;|<kbd[^>]*>\w+<\/kbd>/g, '')
  for (const [, words] of bare.matchAll(/>([^<>]*)</g)) {
    if (/[A-Za-z]{3,}/.test(words)) problems.push(`${relative(root, path)}: text belongs in src/locales: ${words.trim().slice(0, 60)}`)
  }
  for (const [, words] of template.matchAll(/\s(?:aria-label|title|placeholder|alt)="([^"]*[A-Za-z][^"]*)"/g)) {
    problems.push(`${relative(root, path)}: text belongs in src/locales: ${words}`)
  }
}

function flatten(value, path = '', out = new Map()) {
  for (const [key, inner] of Object.entries(value)) {
    const name = path ? `${path}.${key}` : key
    if (typeof inner === 'string') out.set(name, inner)
    else flatten(inner, name, out)
  }
  return out
}
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join()

function checkLocales() {
  const all = new Map()
  for (const path of files(join(root, 'src/locales/zh-CN'), /\.json$/)) {
    const name = path.split('/').at(-1)
    const zh = flatten(JSON.parse(readFileSync(path, 'utf8')))
    const en = flatten(JSON.parse(readFileSync(join(root, 'src/locales/en', name), 'utf8')))
    for (const key of new Set([...zh.keys(), ...en.keys()])) {
      if (!zh.has(key) || !en.has(key)) problems.push(`${name}: ${key} is missing in ${zh.has(key) ? 'en' : 'zh-CN'}`)
      else if (placeholders(zh.get(key)) !== placeholders(en.get(key))) problems.push(`${name}: ${key} takes other values in en than in zh-CN`)
    }
    for (const [key] of zh) all.set(`${name.replace('.json', '')}.${key}`, true)
  }
  return all
}

const messages = checkLocales()
const sources = files(join(root, 'src'), /\.(vue|ts)$/)
sources.forEach(checkSource)
for (const path of sources) {
  const text = readFileSync(path, 'utf8')
  for (const [, key] of text.matchAll(/(?<![\w.])\$?t\(\s*'([\w.-]+)'/g)) {
    if (!messages.has(key)) problems.push(`${relative(root, path)}: no message ${key}`)
  }
  const lines = text.split('\n').length
  if (lines > 305 && !/api\/schema(\.gen)?\.ts$/.test(path)) problems.push(`${relative(root, path)}: ${lines} lines, at most 300`)
}
if (problems.length) {
  console.error(problems.join('\n'))
  console.error(`${problems.length} problems`)
  process.exit(1)
}
console.log(`${messages.size} messages in both languages; no text in components`)
