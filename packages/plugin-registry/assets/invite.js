/** Puts the code from the end of the link into its field, and removes it from the address and the history. */
const code = location.hash.slice(1)
const field = document.getElementById('code')
if (code !== '' && field) {
  field.value = code
  history.replaceState(null, '', location.pathname)
  document.getElementById('password')?.focus()
}
