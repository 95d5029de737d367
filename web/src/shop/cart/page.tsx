import { Title } from '@mantine/core';
import { useMessages } from '../../i18n/locale.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { CartView } from './cart-view.tsx';
import { cartMessages } from './messages.ts';
import classes from './page.module.css';

/** The cart as a page, of a phone or of a direct address. */
export const CartPage = () => {
  const t = useMessages(cartMessages);
  usePageTitle(t.title);
  return (
    <div className={classes.page}>
      <Title order={1}>{t.title}</Title>
      <CartView />
    </div>
  );
};
