import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from './api/session.ts';
import { readProductSearch } from './shop/home/search.ts';
import { ErrorPage } from './parts/error-page.tsx';
import { loadFiles } from './parts/missing-file.ts';
import { NotFoundPage } from './parts/not-found.tsx';
import { RootLayout } from './root-layout.tsx';
import { ShopLayout } from './shop/layout.tsx';
import { MyPages } from './shop/mine.tsx';
import { HomePage } from './shop/home/page.tsx';

interface Context {
  readonly client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: RootLayout,
  notFoundComponent: NotFoundPage,
});

// The router would reload a page whose files are missing, also without a network.
const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => loadFiles(load), name);

/** Sends a visitor to sign in, and back afterwards. */
const requireSession = async ({
  context,
  location,
}: {
  readonly context: Context;
  readonly location: { readonly href: string };
}): Promise<void> => {
  const session = await context.client.ensureQueryData(sessionQuery);
  if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The page that comes after signing in: a path of this shop, never another site. */
const readTarget = ({ to }: Record<string, unknown>): { to?: string } =>
  typeof to === 'string' && /^\/(?![/\\])/.test(to) ? { to } : {};

const shop = createRoute({ getParentRoute: () => root, id: 'shop', component: ShopLayout });

const home = createRoute({
  getParentRoute: () => shop,
  path: '/',
  validateSearch: readProductSearch,
  component: HomePage,
});

const product = createRoute({
  getParentRoute: () => shop,
  path: '/products/$productId',
  component: lazyPage(() => import('./shop/product/page.tsx'), 'ProductPage'),
});

const signIn = createRoute({
  getParentRoute: () => shop,
  path: '/sign-in',
  validateSearch: readTarget,
  component: lazyPage(() => import('./sign-in/page.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  getParentRoute: () => shop,
  path: '/sign-up',
  validateSearch: readTarget,
  component: lazyPage(() => import('./sign-in/sign-up-page.tsx'), 'SignUpPage'),
});

/** The pages of a customer. */
const mine = createRoute({
  getParentRoute: () => shop,
  id: 'mine',
  beforeLoad: requireSession,
  component: MyPages,
});

const cart = createRoute({
  getParentRoute: () => mine,
  path: '/cart',
  component: lazyPage(() => import('./shop/cart/page.tsx'), 'CartPage'),
});

/** Checkout of the cart, or of one product ("buy now"); `intent` names this one purchase. */
const checkout = createRoute({
  getParentRoute: () => mine,
  path: '/checkout',
  validateSearch: ({ product: id, quantity, intent }: Record<string, unknown>) => ({
    ...(textOf(id) === undefined ? {} : { product: textOf(id), quantity: Number(quantity) || 1 }),
    ...(textOf(intent) === undefined ? {} : { intent: textOf(intent) }),
  }),
  component: lazyPage(() => import('./shop/checkout/page.tsx'), 'CheckoutPage'),
});

const wallet = createRoute({
  getParentRoute: () => mine,
  path: '/wallet',
  component: lazyPage(() => import('./shop/wallet/page.tsx'), 'WalletPage'),
});

const orders = createRoute({
  getParentRoute: () => mine,
  path: '/orders',
  validateSearch: ({ status }: Record<string, unknown>): { status?: string } =>
    textOf(status) === undefined ? {} : { status: String(status) },
  component: lazyPage(() => import('./shop/orders/page.tsx'), 'OrdersPage'),
});

const order = createRoute({
  getParentRoute: () => mine,
  path: '/orders/$orderId',
  component: lazyPage(() => import('./shop/order/page.tsx'), 'OrderPage'),
});

const consoleRoot = createRoute({
  getParentRoute: () => root,
  path: '/console',
  beforeLoad: requireSession,
  component: lazyPage(() => import('./console/layout.tsx'), 'ConsoleLayout'),
});

/** Filters of the console's lists are in the address, so that it can be shared. */
const readFilters = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );

const today = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/',
  component: lazyPage(() => import('./console/today/page.tsx'), 'TodayPage'),
});

const consoleOrders = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/orders',
  validateSearch: readFilters,
  component: lazyPage(() => import('./console/orders/page.tsx'), 'OrdersPage'),
});

const consoleProducts = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/products',
  validateSearch: readFilters,
  component: lazyPage(() => import('./console/products/page.tsx'), 'ProductsPage'),
});

const consoleWallets = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/wallets',
  validateSearch: readFilters,
  component: lazyPage(() => import('./console/wallets/page.tsx'), 'WalletsPage'),
});

const delivery = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/delivery',
  validateSearch: readFilters,
  component: lazyPage(() => import('./console/delivery/page.tsx'), 'DeliveryPage'),
});

const proof = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/proof',
  component: lazyPage(() => import('./console/proof/page.tsx'), 'ProofPage'),
});

const settings = createRoute({
  getParentRoute: () => consoleRoot,
  path: '/settings',
  component: lazyPage(() => import('./console/settings/page.tsx'), 'SettingsPage'),
});

const tree = root.addChildren([
  shop.addChildren([
    home,
    product,
    signIn,
    signUp,
    mine.addChildren([cart, checkout, wallet, orders, order]),
  ]),
  consoleRoot.addChildren([
    today,
    consoleOrders,
    consoleProducts,
    consoleWallets,
    delivery,
    proof,
    settings,
  ]),
]);

/** Every page by its address; pages other than the first are loaded when they are opened. */
export const createPages = (client: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
