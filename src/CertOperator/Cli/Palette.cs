namespace CertOperator.Cli;

/// <summary>What a colour says.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Strong,
}

/// <summary>Colours of a terminal, or none.</summary>
internal sealed record Palette(bool HasColours)
{
    private const string Reset = "\u001b[0m";

    public string Paint(string text, Tone tone) => HasColours && Code(tone) is { } code ? code + text + Reset : text;

    private static string? Code(Tone tone) => tone switch
    {
        Tone.Good => "\u001b[32m",
        Tone.Bad => "\u001b[31m",
        Tone.Strong => "\u001b[1m",
        _ => null,
    };
}
