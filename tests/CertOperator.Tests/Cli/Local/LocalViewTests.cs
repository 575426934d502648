using System.Text.Json.Nodes;

namespace CertOperator.Cli.Local;

public class LocalViewTests
{
    private static readonly LocalState State = new(
        [
            new("shop", "api", false, "Issuer/gone", "api-tls", null, "web.yaml:7", "IssuerNotFound", "There is no Issuer \"gone\"."),
            new("shop", "web", true, "Issuer/ca", "web-tls", new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero), "web.yaml:1", "Ready", "All is well."),
        ],
        [new("web.yaml:7", "Certificate shop/api", "IssuerNotFound", "There is no Issuer \"gone\".")]);

    [Fact]
    public void The_table_has_a_line_per_certificate_and_the_problems_go_to_the_errors()
    {
        var (output, errors) = Show(State, live: false);
        Assert.Equal(
            """
            CERTIFICATE   READY   ISSUER        SECRET    EXPIRES             FROM         REASON
            shop/api      False   Issuer/gone   api-tls   -                   web.yaml:7   IssuerNotFound
            shop/web      True    Issuer/ca     web-tls   2030-05-06 07:08Z   web.yaml:1   Ready
            1 of 2 Certificates ready.

            """,
            output);
        Assert.Equal("web.yaml:7: Certificate shop/api: IssuerNotFound: There is no Issuer \"gone\".\n", errors);
    }

    [Fact]
    public void A_live_table_takes_the_place_of_the_former_one()
    {
        var (output, _) = Show(State, live: true);
        Assert.StartsWith("\u001b[H\u001b[2JCERTIFICATE", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_certificates_are_said_to_be_none()
        => Assert.Equal("No Certificates: no manifest asks for one.\n", Show(new LocalState([], []), live: false).Output);

    [Fact]
    public void What_a_manifest_says_cannot_steer_the_terminal()
    {
        var (_, errors) = Show(new LocalState([], [new("a.yaml:1", "", "Refused", "bad \u001b[2J name\nof two lines")]), live: false);
        Assert.Equal("a.yaml:1: Refused: bad ?[2J name of two lines\n", errors);
    }

    [Fact]
    public void Json_holds_the_same_as_one_object_a_line()
    {
        using var output = new StringWriter { NewLine = "\n" };
        new JsonView(output).Show(State);

        string line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        JsonNode json = JsonNode.Parse(line)!;
        Assert.Equal("2030-05-06T07:08:09+00:00", (string?)json["certificates"]![1]!["expires"]);
        Assert.False((bool)json["certificates"]![0]!["ready"]!);
        Assert.Equal("web.yaml:7", (string?)json["problems"]![0]!["place"]);
    }

    private static (string Output, string Errors) Show(LocalState state, bool live)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        new TableView(output, errors, live).Show(state);
        return (output.ToString(), errors.ToString());
    }
}
