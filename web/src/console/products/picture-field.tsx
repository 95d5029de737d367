import { Box, Button, FileButton, Group, Input, Stack } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/locale.tsx';
import { defineMessages } from '../../i18n/messages.ts';
import { Picture } from '../../parts/picture.tsx';
import { ProblemNotice, problemIn, type ShownProblem } from '../../parts/problem-notice.tsx';
import { productMessages } from './messages.ts';
import classes from './products.module.css';
import { PICTURE_TYPES, uploadPicture } from './upload.ts';

const messages = defineMessages({
  en: {
    hint: 'JPEG, PNG, WebP or AVIF, up to 8 MiB',
    choose: 'Choose a file',
    change: 'Choose another file',
    remove: 'Remove',
    preview: 'Preview of the picture',
  },
  ko: {
    hint: 'JPEG, PNG, WebP, AVIF 파일, 8MiB까지',
    choose: '파일 고르기',
    change: '다른 파일 고르기',
    remove: '지우기',
    preview: '사진 미리보기',
  },
});

interface PictureFieldProps {
  readonly imageUrl: string | null;
  readonly error: string | undefined;
  readonly onChange: (imageUrl: string | null) => void;
  readonly onUploading: (isUploading: boolean) => void;
}

/** The picture of a product: a file that is uploaded at once and shown. */
export const PictureField = ({ imageUrl, error, onChange, onUploading }: PictureFieldProps) => {
  const t = useMessages(messages);
  const words = useMessages(productMessages);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ShownProblem>();
  const upload = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setBusy(true);
    onUploading(true);
    setProblem(undefined);
    try {
      const uploaded = await uploadPicture(file);
      if (uploaded.ok) onChange(uploaded.url);
      else setProblem(uploaded.problem);
    } catch (thrown) {
      setProblem(problemIn(thrown));
    } finally {
      setBusy(false);
      onUploading(false);
    }
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label={words.picture}
      description={t.hint}
      {...(error === undefined ? {} : { error })}
    >
      <Group mt={4} wrap="nowrap">
        <div className={classes.picture}>
          <Picture imageUrl={imageUrl} name={t.preview} size="small" />
        </div>
        <Stack gap={8} align="flex-start">
          <FileButton accept={PICTURE_TYPES.join(',')} onChange={(file) => void upload(file)}>
            {(props) => (
              <Button
                {...props}
                size="xs"
                variant="default"
                loading={busy}
                leftSection={<IconUpload size={14} aria-hidden />}
              >
                {imageUrl === null ? t.choose : t.change}
              </Button>
            )}
          </FileButton>
          {imageUrl === null ? null : (
            <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
              {t.remove}
            </Button>
          )}
        </Stack>
      </Group>
      {problem === undefined ? null : (
        <Box mt="xs">
          <ProblemNotice problem={problem} />
        </Box>
      )}
    </Input.Wrapper>
  );
};
