/**
 * A signal that aborts with a `TimeoutError`, as `AbortSignal.timeout` does, and can be given to `AbortSignal.any`:
 * Node 20 loses a timeout that only a composite signal listens to at the next garbage collection
 * (https://github.com/nodejs/node/issues/57736). It keeps no process alive.
 *
 * @param milliseconds from now.
 */
export function timeoutSignal(milliseconds: number): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    controller.abort(new DOMException(`not within ${milliseconds} ms`, 'TimeoutError'))
  }
  // The timer holds the controller, and so the signal, until it fires.
  setTimeout(abort, milliseconds).unref()
  return controller.signal
}
