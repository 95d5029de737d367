import { ActionIcon, Anchor, Button, type ActionIconProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorProps<Props> = Props & Omit<ComponentProps<'a'>, keyof Props>;

const AnchorButton = (props: AnchorProps<ButtonProps>) => <Button component="a" {...props} />;

const AnchorIcon = (props: AnchorProps<ActionIconProps>) => <ActionIcon component="a" {...props} />;

/** A link that looks like a button; address and search are checked against the routes. */
export const LinkButton = createLink(AnchorButton);

/** A link that looks like an icon button. */
export const LinkIcon = createLink(AnchorIcon);

/** A link in a text. */
export const TextLink = createLink(Anchor<'a'>);
