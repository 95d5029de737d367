import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { productQuery } from '../../api/queries.ts';
import { Picture } from '../../parts/picture.tsx';

/** A picture does not change while a page is open. */
const PICTURE_MS = 10 * 60_000;

/** The picture of a product that was ordered; its place when the product is not known any more. */
export const ProductPicture = ({ productId }: { readonly productId: string }) => {
  const { data, isPending } = useQuery({ ...productQuery(productId), staleTime: PICTURE_MS });
  if (isPending) return <Skeleton h={56} w={56} />;
  return <Picture imageUrl={data?.imageUrl ?? null} name="" size="small" />;
};
