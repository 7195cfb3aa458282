// The core runs in a worker of its own, so that the page stays alive; where no worker can be had, in the page.

globalThis.holdfireCore = {
  ...{ check, trustOf, memoryOf, AskedWrongly, secondsOf },
  ...{ sha256, sha512, signed, parsed, canonical, folded, hex, entryOf, isShaped, tileName }, // for tests of the parts
};

if (typeof document === "undefined" && typeof postMessage === "function") {
  onmessage = async ({ data }) => {
    let told = 0;
    const progress = (share) => {
      if (Date.now() - told < 100) return;
      told = Date.now();
      postMessage({ share });
    };
    try {
      postMessage({ answer: await check(data.given, { ...data.options, progress }) });
    } catch (error) {
      postMessage(error instanceof AskedWrongly ? { asked: error.message } : { failed: String(error) });
    }
  };
}
