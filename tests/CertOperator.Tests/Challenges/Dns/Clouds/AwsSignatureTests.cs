using System.Text;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>The published examples: the Signature Version 4 test suite, and the walk-through of the AWS General Reference (ListUsers).</summary>
public class AwsSignatureTests
{
    private static readonly DateTimeOffset Time = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("https://example.amazonaws.com/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Vanilla_requests_of_the_test_suite(string url, string signature)
        => AssertSignature(signature, "host;x-amz-date", NewRequest(HttpMethod.Get, url), "service");

    [Fact]
    public void A_form_of_the_test_suite()
    {
        ProviderRequest request = NewRequest(HttpMethod.Post, "https://example.amazonaws.com/");
        (request.Body, request.ContentType) = (Encoding.ASCII.GetBytes("Param1=value1"), "application/x-www-form-urlencoded");

        AssertSignature("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "content-type;host;x-amz-date", request, "service");
    }

    [Fact]
    public void The_walk_through_of_the_general_reference()
    {
        ProviderRequest request = NewRequest(HttpMethod.Get, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
        request.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";

        AssertSignature("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", "content-type;host;x-amz-date", request, "iam");
    }

    [Fact]
    public void A_session_token_of_the_test_suite()
    {
        const string Token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
            + "qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPk"
            + "UL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

        AssertSignature(
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead", "host;x-amz-date;x-amz-security-token",
            NewRequest(HttpMethod.Post, "https://example.amazonaws.com/"), "service", Token);
    }

    private static void AssertSignature(string signature, string signedHeaders, ProviderRequest request, string service, string? token = null)
    {
        var credentials = new CloudCredentials
        {
            AccessKeyId = "AKIDEXAMPLE",
            SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            Token = token,
            Expires = DateTimeOffset.MaxValue,
        };

        AwsSignature.Sign(request, credentials, "us-east-1", service, Time);

        Assert.Equal("20150830T123600Z", request.Headers["X-Amz-Date"]);
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request, SignedHeaders={signedHeaders}, Signature={signature}",
            request.Headers["Authorization"]);
    }

    private static ProviderRequest NewRequest(HttpMethod method, string url) => new(method, new Uri(url)) { Provider = "AWS", Purpose = "answer" };
}
