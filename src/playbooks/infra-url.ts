/** Where this package is as playbooks import it. */
export const INFRA = new URL('../index.js', import.meta.url).href;
