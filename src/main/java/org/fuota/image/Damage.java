package org.fuota.image;

/** What makes an image one that no board would start; in words for whoever uploads it, with what to do. */
public enum Damage {
    CUT_OFF("the end of the image is missing, so copy it or build it again"),
    DAMAGED("the image is damaged, so copy it or build it again"),
    HEAD_MISSING("the beginning of the image is missing or changed, so copy it or build it again"),
    BEHIND_OTHER_BYTES("other bytes stand before the image, so send the image alone"),
    TEXT_MODE("the image was copied in text mode, which changes line ends, so copy it in binary mode"),
    TAKEN_FOR_TEXT("the image was read and written as if it were text, so send the file as it is, such as by curl -T"),
    BASE64("the file is base64 of an image, so send the image itself"),
    SIGNATURE("the image's signature is damaged or another image's, so sign it again");

    private final String words;

    Damage(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
