/** All messages of this language: one file per subject, the file's name is the first part of the key. */
const files = import.meta.glob<Record<string, unknown>>('./*.json', { eager: true, import: 'default' })

const messages: Record<string, unknown> = {}
for (const [path, content] of Object.entries(files)) {
  messages[path.replace('./', '').replace('.json', '')] = content
}
export default messages
