using System.Text;
using CertOperator.Acme.Errors;
using FsCheck.Xunit;

namespace CertOperator.Acme.Tests.Errors;

public sealed class ProblemTests
{
    private const string KeyAuthorization = Some.Token + ".NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    [Fact]
    public void A_problem_is_read_with_its_parts()
    {
        var problem = Read("""
            {"type":"urn:ietf:params:acme:error:userActionRequired","detail":"new terms","instance":"https://ca.example/do","algorithms":["ES256","RS256"],
             "subproblems":[{"type":"urn:ietf:params:acme:error:dns","detail":"no","identifier":{"type":"dns","value":"a.example"}}]}
            """)!;

        Assert.Equal(("userActionRequired", "new terms", "https://ca.example/do"), (problem.Type, problem.Detail, problem.Instance!.OriginalString));
        Assert.Equal(["ES256", "RS256"], problem.Algorithms);
        Assert.Equal("userActionRequired: new terms (it takes ES256, RS256); a.example: dns: no", problem.Describe());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":null,"detail":7,"subproblems":"none","instance":{},"algorithms":[1,null]}""")]
    [InlineData("""{"type":"","status":"four hundred"}""")]
    public void A_problem_without_words_is_one_nevertheless(string json) => Assert.Equal(("about:blank", ""), (Read(json)!.Type, Read(json)!.Detail));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void What_is_no_object_is_no_problem_document(string body) => Assert.Null(Read(body));

    [Fact]
    public void An_instance_that_is_no_https_URL_is_not_shown() => Assert.Null(Read("""{"instance":"javascript:alert(1)"}""")!.Instance);

    [Theory]
    [InlineData("two\r\nlines", "two lines")]
    [InlineData("a\u202eb\u200bc\0d", "a b c d")]
    [InlineData("  ends  ", "ends")]
    [InlineData("grüße, 世界", "grüße, 世界")]
    [InlineData("expected \"" + KeyAuthorization + "\" (got \"x\")", "expected \"[key authorization]\" (got \"x\")")]
    public void Words_are_made_printable_and_keep_no_key_authorization(string text, string clean) => Assert.Equal(clean, PrintableText.Clean(text));

    [Property(MaxTest = 300)]
    public void Words_of_any_kind_end_in_one_bounded_line(string? text, byte length)
    {
        var clean = PrintableText.Clean(text ?? "", length + 2);

        Assert.True(clean.Length <= length + 2 && !clean.Any(char.IsControl));
        Assert.Equal(clean, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)));
    }

    [Fact]
    public void A_huge_problem_is_cut_to_size()
    {
        var problem = Read($$"""{"detail":"{{new string('x', 100_000)}}","subproblems":[{{string.Join(',', Enumerable.Repeat("{\"detail\":\"y\"}", 5000))}}]}""")!;

        Assert.True(problem.Detail.Length <= PrintableText.MaxDetail);
        Assert.Equal(200, problem.Subproblems.Count);
        Assert.True(problem.Describe().Length <= PrintableText.MaxDetail);
    }

    [Theory]
    [InlineData("one.  two", "one. two")]
    [InlineData("  one \t\n two  ", "one two")]
    public void Runs_of_spaces_become_one(string said, string shown) => Assert.Equal(shown, PrintableText.Clean(said));

    [Fact]
    public void Sentences_are_joined_without_those_that_say_nothing()
        => Assert.Equal("One. Two. Three.", PrintableText.Sentences(["One.", "", "Two.", "Three.", ""]));

    private static AcmeProblem? Read(string body) => ProblemParser.Parse(Encoding.UTF8.GetBytes(body));
}
