namespace CertOperator.Cli;

public class PrintableTests
{
    [Theory]
    [InlineData("web.example.com", "web.example.com")]
    [InlineData("bad \u001b[2J name\nof two\tlines\r", "bad ?[2J name of two lines")]
    [InlineData("\u0007bell \u009b31m C1 \u007f", "?bell ?31m C1 ?")]
    [InlineData("evil\u202etxt.exe \u2066x\u2069 zero\u200bwidth", "evil?txt.exe ?x? zero?width")]
    [InlineData("müller.example 例え 🔒", "müller.example 例え 🔒")]
    public void Words_of_others_cannot_steer_or_reorder_a_line(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    /// <summary>Not among the others: an attribute cannot hold half a pair.</summary>
    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("half \ufffd pair", Printable.Line("half \ud83d pair"));

    [Fact]
    public void A_table_pads_what_is_seen_and_not_its_colours()
    {
        string table = TextTable.Format(["NAME", "READY", "ISSUER"], [["a\u001bb", new Cell("True", Tone.Good), "x"], ["long-name", new Cell("False", Tone.Bad), "y"]], new Palette(HasColours: true));
        Assert.Equal("NAME        READY   ISSUER\na?b         \u001b[32mTrue\u001b[0m    x\nlong-name   \u001b[31mFalse\u001b[0m   y\n", table);
    }
}
