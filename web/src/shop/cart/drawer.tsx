import { Drawer } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { CartView } from './cart-view.tsx';
import classes from './drawer.module.css';
import { cartMessages } from './messages.ts';
import { closeCart, useCartOpened } from './opened.ts';

/** The cart at the side of a desktop; every change of the page closes it. */
const CartDrawer = () => {
  const t = useMessages(cartMessages);
  const isOpened = useCartOpened();
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
        if (pathChanged) closeCart();
      }),
    [router],
  );
  return (
    <Drawer
      opened={isOpened}
      onClose={closeCart}
      position="right"
      size={440}
      title={t.title}
      closeButtonProps={{ 'aria-label': t.close }}
      classNames={{
        content: classes.content,
        header: classes.header,
        title: classes.title,
        body: classes.body,
      }}
      transitionProps={{ duration: 180 }}
    >
      <CartView />
    </Drawer>
  );
};

export default CartDrawer;
