/** Drafts and their photos on this machine: they outlive a killed browser and a lost line. */
const NAME = 'anlan'
const VERSION = 1
type StoreName = 'drafts' | 'files'

let opening: Promise<IDBDatabase> | undefined
function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('drafts', { keyPath: 'id' })
      request.result.createObjectStore('files', { keyPath: 'id' })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('indexedDB'))
  })
  return opening
}

async function run<T>(store: StoreName, mode: IDBTransactionMode, ask: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode)
    const request = ask(transaction.objectStore(store))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = () => reject(transaction.error ?? new Error('indexedDB'))
    transaction.onabort = () => reject(transaction.error ?? new Error('indexedDB'))
  })
}

export const putLocal = (store: StoreName, value: { id: string }): Promise<unknown> => run(store, 'readwrite', (s) => s.put(value))
export const getLocal = <T>(store: StoreName, id: string): Promise<T | undefined> => run(store, 'readonly', (s) => s.get(id) as IDBRequest<T | undefined>)
export const allLocal = <T>(store: StoreName): Promise<T[]> => run(store, 'readonly', (s) => s.getAll() as IDBRequest<T[]>)
export const dropLocal = (store: StoreName, id: string): Promise<unknown> => run(store, 'readwrite', (s) => s.delete(id))
