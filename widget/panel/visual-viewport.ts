/**
 * On a phone the on-screen keyboard covers the page without resizing it. These two custom properties
 * keep the full-screen panel inside what is left.
 */
export function followKeyboard(frame: HTMLElement): () => void {
  const viewport = window.visualViewport;
  if (!viewport) return () => {};
  const apply = () => {
    // Zoomed in by hand, the visual viewport is a magnifier and not the space to fit into.
    const isZoomed = viewport.scale > 1.01;
    frame.style.setProperty("--vv-height", isZoomed ? "100dvh" : `${viewport.height}px`);
    frame.style.setProperty("--vv-top", isZoomed ? "0px" : `${viewport.offsetTop}px`);
  };
  apply();
  viewport.addEventListener("resize", apply);
  viewport.addEventListener("scroll", apply);
  return () => {
    viewport.removeEventListener("resize", apply);
    viewport.removeEventListener("scroll", apply);
  };
}
