import { ActionIcon, Anchor, Button, NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link that looks like a button; address and search are checked against the routes. */
export const LinkButton = createLink(Button<'a'>);

/** A link that looks like an icon button. */
export const LinkIcon = createLink(ActionIcon<'a'>);

/** A link in a text. */
export const TextLink = createLink(Anchor<'a'>);

/** A link of a navigation. */
export const LinkPlace = createLink(NavLink<'a'>);
