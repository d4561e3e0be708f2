/**
 * Like `AbortSignal.timeout`, but safe to pass to `AbortSignal.any`. In Node 20, the garbage collector removes a timeout
 * signal that only a composite signal refers to (https://github.com/nodejs/node/issues/57736).
 *
 * @param milliseconds until the signal aborts with a `TimeoutError`; the timer doesn't keep the process alive
 */
export function timeoutSignal(milliseconds: number): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    controller.abort(new DOMException(`not within ${milliseconds} ms`, 'TimeoutError'))
  }
  // The timer keeps a reference to the controller, and so to the signal, until it fires.
  setTimeout(abort, milliseconds).unref()
  return controller.signal
}
