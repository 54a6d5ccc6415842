"""Finding public things by a piece of their name: Chinese characters, pinyin, or its initials."""
