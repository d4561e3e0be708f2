/** Searches as one types: replaces the results with those of the page for the new words. */
const field = document.getElementById('search')
const status = document.getElementById('status')
const pause = 250
let timer
let running

async function search() {
  const text = field.value.trim()
  if (text.length === 1) return
  running?.abort()
  running = new AbortController()
  const address = new URL(field.form.action)
  if (text !== '') address.searchParams.set('q', text)
  try {
    const response = await fetch(address, {signal: running.signal})
    // For example, too many requests: Enter still sends the form.
    if (!response.ok) return
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const results = page.getElementById('results')
    if (!results) return
    document.getElementById('results').replaceWith(results)
    document.title = page.title
    history.replaceState(null, '', address)
    status.textContent = results.querySelector('#count').textContent
  } catch (error) {
    if (error.name !== 'AbortError') status.textContent = 'The search failed. Press Enter to try again.'
  }
}

field.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(search, pause)
})
