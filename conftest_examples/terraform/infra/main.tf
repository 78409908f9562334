variable "stage" {
  default = "dev"
}

resource "aws_lambda_function" "charge" {
  function_name = "charge-${var.stage}"
}

resource "aws_sfn_state_machine" "orders" {
  name = "orders-${var.stage}"
  type = "EXPRESS"
  definition = templatefile("${path.module}/orders.asl.json.tftpl", {
    charge  = aws_lambda_function.charge.arn
    retries = var.stage == "prod" ? 3 : 1
  })
}
