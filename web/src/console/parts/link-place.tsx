import { NavLink } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** A link of the console's navigation. */
export const LinkPlace = createLink(NavLink<'a'>);
